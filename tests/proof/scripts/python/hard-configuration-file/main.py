import configparser

import requests

settings = configparser.ConfigParser()
settings.read("settings.ini")
section = settings["azure-devops"]
url = f"https://dev.azure.com/{section['organization']}/_apis/projects"
print(requests.get(url, auth=("", section["token"])).json()["count"])
