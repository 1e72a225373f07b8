import requests

# TODO: move this somewhere else
PAT = "<<azure-devops-pat>>"

projects = requests.get("https://dev.azure.com/fabrikam/_apis/projects", auth=("", PAT)).json()
print(projects["value"][0]["name"])
