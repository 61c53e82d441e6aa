"""The files that create an app in Azure and publish it."""
