import '../show.js';
import { XMLParser, XMLBuilder, XMLValidator } from 'fast-xml-parser';
const o = { ignoreAttributes: false };
const j = new XMLParser(o).parse(
  '<?xml version="1.0"?><r a="1"><b>2</b><b>x &amp; y</b><c/><![CDATA[z]]></r>',
);
show(j, new XMLBuilder(o).build(j), XMLValidator.validate('<a><b></a>'));
