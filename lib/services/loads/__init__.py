"""What comes in from files: vendor packs, certificates, new keys, and the way to the desk."""
