"""Says what will break an Azure Functions app in Python (v2 programming model), before it does."""

__version__ = "0.2.0"
