"""What a team knows and has decided to pay down later: kept in one text file, and taken out of a report."""
