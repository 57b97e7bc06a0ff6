"""The filters, one module (or folder) per verb; ``hanfix.registry`` names them."""
