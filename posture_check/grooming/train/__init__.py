"""Training of the grooming models: from labelled footage to ``models/*.onnx``. Nothing here runs in a check."""
