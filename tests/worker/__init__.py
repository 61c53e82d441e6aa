"""The worker harness: runs generated projects in the library that runs them in Azure.

`python -m worker PROJECT` plays the Functions host for one project (`host`, `routing`, `protos`)
and needs Python 3.13 with azure-functions-runtime. The tests call it through `client`, on any
Python; `exchange` is what the two processes say to each other. README.md describes the data.
"""
