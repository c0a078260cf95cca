"""Landmarks: models in, tracks out.

``find`` (finder.py) looks at the frames of a source one by one: poses of everybody (pose.py, poses.py), who is who
(people.py), and now and then hands (hands.py), face (face.py) and what the arms do. At the end the tracks are mended
(swap.py) and smoothed (smoothing.py). The models come from the model store (store.py, fetch.py, bundle.py); MediaPipe
is loaded by tasks.py alone.
"""
