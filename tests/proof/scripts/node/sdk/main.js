const azdev = require("azure-devops-node-api");

const orgUrl = "https://dev.azure.com/fabrikam";
const token = process.env.ADO_PAT;

async function run() {
  const authHandler = azdev.getPersonalAccessTokenHandler(token);
  const connection = new azdev.WebApi(orgUrl, authHandler);
  const core = await connection.getCoreApi();
  for (const project of await core.getProjects()) {
    console.log(project.name);
  }
}

run();
