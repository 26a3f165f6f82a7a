// Meson links whole libraries only if it built them: this one is empty on purpose.
int flatbuffers_anchor = 0;
