import { headers } from "./auth.mjs";

async function title(number) {
  const url = `https://dev.azure.com/fabrikam/_apis/wit/workitems/${number}?api-version=7.1`;
  const response = await fetch(url, { headers: headers() });
  const item = await response.json();
  return item.fields["System.Title"];
}

for (const number of [7, 8]) {
  console.log(await title(number));
}
