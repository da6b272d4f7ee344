"""What the pages show, put together from the figures of telemetry and the releases of delivery."""
