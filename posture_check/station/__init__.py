"""The camera and the models of one kiosk, in processes of their own that can be killed and come back."""
