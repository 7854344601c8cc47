"""OCHP over SOAP: the contract read from a WSDL, streaming codec, client."""
