const https = require("https");

const options = {
  hostname: "dev.azure.com",
  path: "/fabrikam/_apis/projects?api-version=7.1",
  headers: {
    Authorization: "Basic " + Buffer.from(":" + process.env.ADO_PAT).toString("base64"),
  },
};

https.get(options, (response) => {
  let body = "";
  response.on("data", (chunk) => (body += chunk));
  response.on("end", () => console.log(`${JSON.parse(body).count} projects`));
});
