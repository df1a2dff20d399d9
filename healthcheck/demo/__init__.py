"""A fictional employer of realistic size, made by the same actions that people use, the same every time."""
