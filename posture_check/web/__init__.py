"""The web application: the kiosk in front of the person, and the pages behind a login."""
