"""How the models in ``models/`` were made. Not needed to run the station."""
