export function headers() {
  const credentials = Buffer.from(":" + process.env.ADO_PAT).toString("base64");
  return { Authorization: "Basic " + credentials, Accept: "application/json" };
}
