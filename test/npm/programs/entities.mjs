import '../show.js';
import { decodeHTML, encodeXML, escapeUTF8 } from 'entities';
show(
  decodeHTML('&amp;&lt;&#x41;&eacute;&notanentity;'),
  encodeXML('ä<'),
  escapeUTF8('<&>'),
);
