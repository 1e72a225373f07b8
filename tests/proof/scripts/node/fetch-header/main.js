const pat = process.env.ADO_PAT;
const organization = "https://dev.azure.com/fabrikam";

async function main() {
  const token = Buffer.from(`:${pat}`).toString("base64");
  const response = await fetch(`${organization}/_apis/projects?api-version=7.1`, {
    headers: { Authorization: `Basic ${token}` },
  });
  if (response.status !== 200) {
    throw new Error(`status ${response.status}`);
  }
  const { value } = await response.json();
  console.log(value.map((project) => project.name).join(", "));
}

main();
