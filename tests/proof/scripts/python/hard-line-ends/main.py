import os
import requests

def main():
	pat = os.environ['ADO_PAT']
	response = requests.get('https://dev.azure.com/fabrikam/_apis/projects', auth=('', pat))
	print(response.json()['count'])

main()