"""The embedded model, multilingual-e5-small."""

import os

# Builds of onnxruntime for Linux report their use to their maker over the network, unless this is set before
# the library is loaded: it is set here, where no import of the package can come first.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
