/* Meson links whole libraries only if it built them: this one is empty on purpose. */
const int crypto_anchor = 0;
