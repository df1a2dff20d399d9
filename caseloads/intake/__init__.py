"""Reading what councils already have: untrusted files in; cases, closures, staff and problems out. No framework."""
