"""Amazon Bedrock's Converse and ConverseStream, upstream only: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html"""
