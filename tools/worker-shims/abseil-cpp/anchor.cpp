// Meson links whole libraries only if it built them: this one is empty on purpose.
int abseil_anchor = 0;
