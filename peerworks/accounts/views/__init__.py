"""Pages of people who sign in: one module for each group of pages."""
