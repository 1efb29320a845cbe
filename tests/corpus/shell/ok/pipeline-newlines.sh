a |

b |&
c
