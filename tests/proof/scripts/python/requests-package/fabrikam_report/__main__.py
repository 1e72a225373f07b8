from .client import projects, repositories

for name in projects():
    print(f"{name}: {len(repositories(name))} repositories")
