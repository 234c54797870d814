"""Controls that any panel may use; none of them knows what it is used for."""
