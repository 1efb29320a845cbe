echo ${a:-{b}} ${a:-\}}
