"""What people see of a result: terminal tables, annotated pictures and videos, published schemas."""
