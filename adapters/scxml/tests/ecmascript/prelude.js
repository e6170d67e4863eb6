// What SCXML gives to every session: its system variables, `In()`, and documents of XML. Strict: nothing is assigned that was not declared.
(parse, session, name) => {
  class Document {
    constructor(root, text) {
      this.documentElement = root;
      Object.defineProperty(this, 'toJSON', { value: () => text });
    }
    getElementsByTagName(name) {
      const root = this.documentElement;
      return (name === '*' || root.tagName === name ? [root] : []).concat(root.getElementsByTagName(name));
    }
  }
  class Element {
    constructor([name, attributes, children]) {
      this.tagName = this.nodeName = name;
      this.childNodes = children.map(child => (typeof child === 'string' ? { nodeType: 3, nodeValue: child, textContent: child } : new Element(child)));
      Object.defineProperty(this, 'getAttribute', { value: name => attributes[name] ?? null });
    }
    get textContent() {
      return this.childNodes.map(child => child.textContent).join('');
    }
    getElementsByTagName(name) {
      return this.childNodes.filter(child => child instanceof Element)
        .flatMap(child => (name === '*' || child.tagName === name ? [child] : []).concat(child.getElementsByTagName(name)));
    }
  }

  const load = json => {
    const value = JSON.parse(json);
    const tree = typeof value === 'string' && value.startsWith('<') ? parse(value) : '';
    return tree ? new Document(new Element(JSON.parse(tree)), value) : value;
  };
  const save = value => JSON.stringify(value) ?? 'null';

  let event;
  let active = [];
  let held;
  const host = {
    save,
    items: value => {
      if (!Array.isArray(value)) throw new TypeError('this is no array');
      return save(value);
    },
    hold: json => { held = load(json); },
    get held() { return held; },
    activate: ids => { active = ids; },
    happen: json => {
      const { data, ...rest } = JSON.parse(json);
      const fields = { name: undefined, type: undefined, sendid: undefined, origin: undefined, origintype: undefined, invokeid: undefined };
      event = Object.freeze({ ...fields, ...rest, data: data === undefined ? undefined : load(data) });
    },
  };
  const location = Object.freeze({ location: `#_scxml_${session}` });
  const fixed = {
    _sessionid: session,
    _name: name,
    _ioprocessors: Object.freeze({ scxml: location, 'http://www.w3.org/TR/scxml/#SCXMLEventProcessor': location }),
    _x: Object.freeze({}),
    In: id => active.includes(String(id)),
    __host: Object.freeze(host),
  };
  for (const [key, value] of Object.entries(fixed)) Object.defineProperty(globalThis, key, { value });
  Object.defineProperty(globalThis, '_event', { get: () => event });
}
