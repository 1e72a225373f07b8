"use strict";

const axios = require("axios");

const encoded = Buffer.from(`:${process.env.ADO_PAT}`).toString("base64");
const client = axios.create({
  baseURL: "https://dev.azure.com/fabrikam",
  headers: { Authorization: `Basic ${encoded}` },
});

async function main() {
  for (const name of ["Fiber", "Loom"]) {
    const { data } = await client.get(`/_apis/projects/${name}`);
    console.log(name, data.state);
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
