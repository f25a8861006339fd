"""What lies in DynamoDB, one file per store; see README.md in this folder for every table and item."""
