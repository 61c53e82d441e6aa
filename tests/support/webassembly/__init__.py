"""CPython 3.14 in WebAssembly, which runs the tests of the kinds: `python -m tests.support.webassembly`."""
