import '../show.js';
import he from 'he';
show(
  he.encode('foo © bar ≠ 𝌆', { useNamedReferences: true }),
  he.decode('&copy; &#x1D306; &notit;'),
  he.escape('<"&'),
);
