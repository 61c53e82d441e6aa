"""What a deployment of infra/ would create."""
