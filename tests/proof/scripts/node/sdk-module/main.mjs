import * as azdev from "azure-devops-node-api";

const { ADO_PAT } = process.env;

export async function connect(organization) {
  const handler = azdev.getPersonalAccessTokenHandler(ADO_PAT);
  return new azdev.WebApi(`https://dev.azure.com/${organization}`, handler);
}

const connection = await connect("fabrikam");
const tracking = await connection.getWorkItemTrackingApi();
const item = await tracking.getWorkItem(7);
console.log(item.fields["System.Title"]);
