"""What former runs found out about files that have not changed since."""
