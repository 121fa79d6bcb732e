"""A job title, in any of seven languages, read into closed-vocabulary features with the words that gave them."""

from ranker.titles.model import Evidence, Role, TitleReading
from ranker.titles.reader import TitleReader
from ranker.titles.vocabulary import Vocabulary, load_vocabulary

__all__ = ["Evidence", "Role", "TitleReader", "TitleReading", "Vocabulary", "load_vocabulary"]
