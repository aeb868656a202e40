import '../show.js';
import Fuse from 'fuse.js';
const f = new Fuse(
  [{ t: 'Old Man War' }, { t: 'The Lock Artist' }, { t: 'HTML5' }],
  { keys: ['t'], includeScore: true, threshold: 0.4 },
);
show(f.search('old man'), f.search('lok'));
