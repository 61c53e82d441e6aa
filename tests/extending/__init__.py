"""What CONTRIBUTING.md says about extending the template, done once each."""
