"""The kiosk's page and the server side of its WebSocket."""
