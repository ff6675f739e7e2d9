/** Formulas as MathML, in the little notation that the page's formulas need. */

const MATHML = 'http://www.w3.org/1998/Math/MathML';

/**
 * A formula, from letters and signs: `B^T` is B with a raised T, `a_1` a with a lowered 1, letters stand
 * for quantities (capitals for matrices), `tr` is a function's name, everything else is an operator or
 * a number.
 *
 * @param {string} formula
 */
export function formula(formula) {
  const root = mathml('math');
  for (const [token] of formula.matchAll(/(?:tr|\p{L}|‖|\d+|[^\s\d\p{L}])(?:[\^_][\p{L}\d])?/gu)) {
    const [base = '', script = ''] = token.length > 1 ? token.split(/[\^_]/) : [token];
    const node = mathml(kind(base), base);
    if (base === '‖' || base === '(' || base === ')') node.setAttribute('stretchy', 'false');
    if (script === '') root.append(node);
    else root.append(mathml(token.includes('^') ? 'msup' : 'msub', node, mathml(kind(script), script)));
  }
  return root;
}

/** @param {string} token */
function kind(token) {
  if (/^\p{L}+$/u.test(token)) return 'mi';
  return /^\d+$/.test(token) ? 'mn' : 'mo';
}

/**
 * @param {string} tag
 * @param {(Node | string)[]} children
 */
function mathml(tag, ...children) {
  const made = document.createElementNS(MATHML, tag);
  made.append(...children);
  return made;
}
