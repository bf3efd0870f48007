"""Who sees and does what: one criterion for lists, documents and bulk runs."""
