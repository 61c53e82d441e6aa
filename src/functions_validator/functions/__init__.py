"""The functions of an app in its sources, with the decorators and objects of azure.functions."""
