"""`copier update` over real git repositories: what comes from the template, and what is the user's."""
