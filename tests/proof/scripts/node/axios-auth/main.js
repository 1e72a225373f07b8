const axios = require('axios');

const url = 'https://dev.azure.com/fabrikam/Fiber/_apis/git/repositories?api-version=7.1';

axios
  .get(url, { auth: { username: '', password: process.env.ADO_PAT } })
  .then((response) => {
    console.log(`${response.data.count} repositories`);
  })
  .catch((error) => {
    console.error(error.message);
    process.exit(1);
  });
